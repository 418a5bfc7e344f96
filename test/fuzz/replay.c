/*
 * replay.c
 *	  Runs a fuzz target over files, without libFuzzer: each argument is a file
 *	  or a folder of files. A target that finds a fault aborts.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int	passed;
static int	failed;

static void
replay_file(const char *path)
{
	FILE	   *file = fopen(path, "rb");
	uint8_t    *data = NULL;
	size_t		size = 0;
	size_t		capacity = 0;
	size_t		n;

	if (file == NULL)
	{
		printf("not ok: %s: %s\n", path, strerror(errno));
		failed++;
		return;
	}
	do
	{
		if (capacity - size < 65536)
			data = realloc(data, capacity = capacity * 2 + 65536);
		if (data == NULL)
			abort();
		n = fread(data + size, 1, capacity - size, file);
		size += n;
	} while (n > 0);
	fclose(file);

	/* memory of exactly that size, so that a sanitizer sees a step beyond it */
	data = realloc(data, size > 0 ? size : 1);
	/* the name of the file at fault, should the target abort */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	passed++;
}

static void
replay(const char *path)
{
	DIR		   *folder = opendir(path);
	struct dirent *entry;

	if (folder == NULL)
	{
		replay_file(path);
		return;
	}
	while ((entry = readdir(folder)) != NULL)
	{
		char		name[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		replay(name);
	}
	closedir(folder);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
