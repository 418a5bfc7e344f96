# Makefile
#	  PGXS build of spaser, and the commands of the project.
#
# On a machine that has PostgreSQL's headers, json-c, libxml2 and zlib:
#	make, make install, make installcheck, make clean	as for any extension
# On a fresh Debian, where they first install what is missing:
#	make demo	build, load a sample (or DECP=file), print the indicators
#			of a buyer (ACHETEUR=siren); GARDER=1 keeps the server, make stop
#	make test	every test, on a private server; ends with the count
# For developers:
#	make lint	conventions		make unit	core, with sanitizers
#	make bench	measures (needs npm)	make fuzz	FUZZ_SECONDS=60 a target
#	make catalogue	docs/catalogue.md, from the canevas (needs python3)
#	make dist	archive for PGXN	make CI=1	warnings are errors

all:

EXTENSION = spaser
# The version is written in spaser.control; "make lint" compares the others.
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" spaser.control)

MODULE_big = spaser
CORE_SOURCES := $(sort $(wildcard src/core/*.c))
OBJS := $(patsubst %.c,%.o,$(sort $(wildcard src/*.c)) $(CORE_SOURCES))
C_HEADERS := $(wildcard src/*.h src/core/*.h)

# The install script is its parts joined in this order
SQL_PARTS = $(addprefix sql/,profil.sql compte.sql bilan.sql canevas.sql juger.sql histogramme.sql concentration.sql rapport.sql lecteur.sql validation.sql gzip.sql format_fichier.sql indicateurs.sql)
# Types that count: what they share is written once
COMPTES = bilan histogramme concentration rapport
# By code: an indicator before its variants
CANEVAS := $(addsuffix .json,$(sort $(basename $(wildcard sql/canevas/*.json))))
DATA_built = sql/spaser--$(EXTVERSION).sql

REGRESS = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
# pg_regress prefers sql/NAME.sql and expected/NAME.out of its output folder to
# those of its input folder: a folder of its own keeps it from taking a part of
# the install script for the test of that name, and a link leads it to expected/.
REGRESS_OPTS = --inputdir=test --outputdir=build/regress --load-extension=spaser
REGRESS_PREP = build/regress/expected
TAP_TESTS = 1
PROVE_TESTS = test/t/*.pl

EXTRA_CLEAN = src/catalogue_textes.h sql/compte.sql build

# ---- What is needed, and what to say when it is not there

PG_CONFIG ?= pg_config
PKG_CONFIG ?= pkg-config
PG_VERSION := $(shell $(PG_CONFIG) --version 2>/dev/null)
PGXS := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))

JSONC_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags json-c 2>/dev/null)
JSONC_LIBS ?= $(shell $(PKG_CONFIG) --libs json-c 2>/dev/null)
ZLIB_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags zlib 2>/dev/null)
ZLIB_LIBS ?= $(shell $(PKG_CONFIG) --libs zlib 2>/dev/null)
LIBXML_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags libxml-2.0 2>/dev/null)
LIBXML_LIBS ?= $(shell $(PKG_CONFIG) --libs libxml-2.0 2>/dev/null)
CORE_CFLAGS = $(JSONC_CFLAGS) $(LIBXML_CFLAGS) $(ZLIB_CFLAGS)
CORE_LIBS = $(JSONC_LIBS) $(LIBXML_LIBS) $(ZLIB_LIBS)

OWN_GOALS = demo stop test lint catalogue bench dist
CORE_GOALS = unit fuzz programs build/generateur
GOALS := $(or $(MAKECMDGOALS),all)
PGXS_GOALS := $(filter-out clean $(OWN_GOALS) $(CORE_GOALS),$(GOALS))

ifneq ($(PGXS_GOALS),)
PG_MAJOR := $(shell echo '$(PG_VERSION)' | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p')
PG_DEV := postgresql-server-dev-$(or $(PG_MAJOR),all)
ifeq ($(PG_VERSION),)
$(error "$(PG_CONFIG)" does not run. Install the server's development files (Debian: apt-get install $(PG_DEV)), or say where pg_config is: make PG_CONFIG=/path/to/pg_config)
endif
ifeq ($(and $(PGXS),$(wildcard $(shell $(PG_CONFIG) --includedir-server)/postgres.h)),)
$(error "$(PG_CONFIG)" is that of $(PG_VERSION), whose server headers or PGXS are not installed. Install them (Debian: apt-get install $(PG_DEV)), or name another pg_config: make PG_CONFIG=/path/to/pg_config)
endif
endif

ifneq ($(PGXS_GOALS)$(filter $(CORE_GOALS),$(GOALS)),)
ifeq ($(strip $(JSONC_LIBS)),)
$(error json-c is not found by $(PKG_CONFIG). Install both (Debian: apt-get install pkg-config libjson-c-dev), or set JSONC_CFLAGS and JSONC_LIBS)
endif
ifeq ($(strip $(ZLIB_LIBS)),)
$(error zlib is not found by $(PKG_CONFIG). Install it (Debian: apt-get install zlib1g-dev), or set ZLIB_CFLAGS and ZLIB_LIBS)
endif
ifeq ($(strip $(LIBXML_LIBS)),)
$(error libxml2 is not found by $(PKG_CONFIG). Install both (Debian: apt-get install pkg-config libxml2-dev), or set LIBXML_CFLAGS and LIBXML_LIBS)
endif
endif

# ---- Build

# Sanitizers of the programs that test the core; empty for none
SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all

PG_CPPFLAGS = -Isrc -DSPASER_VERSION='"$(EXTVERSION)"' $(CORE_CFLAGS)
PG_CFLAGS = -Wno-declaration-after-statement
SHLIB_LINK = $(CORE_LIBS)

# Nobody else's build breaks because a newer compiler warns of something new
ifneq ($(filter 1 true yes,$(CI)),)
PG_CFLAGS += -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare
CORE_WERROR = -Werror
endif

ifneq ($(PGXS),)
# Bitcode for JIT inlining is a bonus: do without it where its compiler is not installed
PG_CLANG := $(shell sed -n 's/^CLANG[ 	]*=[ 	]*//p' $(dir $(PGXS))../Makefile.global)
ifeq ($(shell command -v '$(PG_CLANG)' 2>/dev/null),)
override with_llvm = no
endif
include $(PGXS)
else
clean:
	rm -rf $(OBJS) $(OBJS:.o=.bc) spaser.so $(DATA_built) $(EXTRA_CLEAN)
endif

# PGXS does not follow headers; there are few enough for every object to
# depend on all of them, and on the server and mode it was compiled for.
$(OBJS) $(OBJS:.o=.bc): $(C_HEADERS) build/flags
src/catalogue.o src/catalogue.bc: src/catalogue_textes.h

BUILD_FLAGS = $(PGXS) $(PG_VERSION) $(PG_CPPFLAGS) $(PG_CFLAGS) $(COPT) $(CORE_WERROR) $(SANITIZE)
ifneq ($(PGXS_GOALS)$(filter $(CORE_GOALS),$(GOALS)),)
$(shell mkdir -p build)
$(file >build/flags.new,$(BUILD_FLAGS))
$(shell cmp -s build/flags.new build/flags && rm build/flags.new || mv build/flags.new build/flags)
endif

# When "clean" comes before other goals of the same command
build/flags: export BUILD_FLAGS := $(BUILD_FLAGS)
build/flags:
	@mkdir -p $(@D)
	@printf '%s\n' "$$BUILD_FLAGS" > $@

build/regress/expected:
	@mkdir -p $(@D)
	@ln -sfn ../../expected $@

src/catalogue_textes.h: src/catalogue.sh sql/canevas $(CANEVAS)
	sh src/catalogue.sh $(CANEVAS) > $@.tmp
	mv $@.tmp $@

sql/compte.sql: sql/compte.sql.in Makefile
	for type in $(COMPTES); do sed "s/@TYPE@/$$type/g" $< || exit 1; done > $@.tmp
	mv $@.tmp $@

sql/spaser--$(EXTVERSION).sql: $(SQL_PARTS) spaser.control Makefile
	{ printf '%s\n' '/* spaser $(EXTVERSION): joined from sql/ at build, do not edit */' '' \
		'\echo Use "CREATE EXTENSION spaser" to load this file. \quit' && \
	  for part in $(SQL_PARTS); do echo && cat $$part || exit 1; done; } > $@.tmp
	mv $@.tmp $@

# ---- Install: the scripts that users run with psql go beside the extension

scriptdir = $(datadir)/spaser

ifneq ($(PGXS),)
install: install-scripts
uninstall: uninstall-scripts
endif

install-scripts:
	$(MKDIR_P) '$(DESTDIR)$(scriptdir)/decp' '$(DESTDIR)$(scriptdir)/canevas'
	$(INSTALL_DATA) $(wildcard sql/decp/*.sql) '$(DESTDIR)$(scriptdir)/decp/'
	$(INSTALL_SCRIPT) $(wildcard sql/decp/*.sh) '$(DESTDIR)$(scriptdir)/decp/'
	$(INSTALL_DATA) $(CANEVAS) '$(DESTDIR)$(scriptdir)/canevas/'

uninstall-scripts:
	rm -rf '$(DESTDIR)$(scriptdir)'

# ---- The core alone: unit tests, fuzzing, and the generator of sample data.
# Neither PostgreSQL nor the flags it was built with have a part in it.

HOST_CC ?= gcc
HOST_CFLAGS = -std=gnu11 -g -Wall -Wextra -Wmissing-prototypes $(CORE_WERROR) -Isrc/core -Isrc $(CORE_CFLAGS)
CHECKED_CFLAGS = $(HOST_CFLAGS) -O1 $(SANITIZE)

UNIT_PROGRAMS := $(patsubst test/unit/%.c,build/unit/%,$(sort $(wildcard test/unit/test_*.c)))
FUZZ_TARGETS := $(patsubst test/fuzz/%.c,%,$(sort $(wildcard test/fuzz/fuzz_*.c)))
REPLAY_PROGRAMS := $(patsubst fuzz_%,build/fuzz/replay_%,$(FUZZ_TARGETS))
CHECKED_CORE := $(patsubst src/core/%.c,build/core/%.o,$(CORE_SOURCES))

build/core/%.o: src/core/%.c $(C_HEADERS) build/flags
	@mkdir -p $(@D)
	$(HOST_CC) $(CHECKED_CFLAGS) -c -o $@ $<

build/unit/%: test/unit/%.c $(CHECKED_CORE) $(wildcard test/unit/*.h)
	@mkdir -p $(@D)
	$(HOST_CC) $(CHECKED_CFLAGS) -o $@ $< $(CHECKED_CORE) $(CORE_LIBS) -lm

build/fuzz/replay_%: test/fuzz/fuzz_%.c test/fuzz/replay.c $(CHECKED_CORE) $(wildcard test/unit/*.h test/fuzz/*.h)
	@mkdir -p $(@D)
	$(HOST_CC) $(CHECKED_CFLAGS) -o $@ $< test/fuzz/replay.c $(CHECKED_CORE) $(CORE_LIBS) -lm

# libFuzzer is clang's, and wants the core instrumented too
build/fuzz/fuzz_%: test/fuzz/fuzz_%.c $(CORE_SOURCES) $(C_HEADERS) $(wildcard test/unit/*.h test/fuzz/*.h)
	@mkdir -p $(@D)
	clang $(CHECKED_CFLAGS) -fsanitize=fuzzer -o $@ $< $(CORE_SOURCES) $(CORE_LIBS) -lm

# Makes DECP files like the real ones, of any size
build/generateur: $(wildcard test/gen/*)
	@mkdir -p $(@D)
	$(MAKE) -C test/gen DESTINATION=../../build CC='$(HOST_CC)' CFLAGS='-O2 $(CORE_WERROR)'

.SECONDARY: $(CHECKED_CORE)

programs: $(UNIT_PROGRAMS) $(REPLAY_PROGRAMS) build/generateur

unit: $(UNIT_PROGRAMS)
	@status=0; for p in $^; do $$p || status=1; done; exit $$status

# Each target has its words and its corpus; what is found goes under build/
FUZZ_SECONDS ?= 60
fuzz: $(addprefix build/fuzz/,$(FUZZ_TARGETS))
	@for t in $(patsubst fuzz_%,%,$(FUZZ_TARGETS)); do \
		mkdir -p build/fuzz/corpus_$$t && \
		build/fuzz/fuzz_$$t -max_total_time=$(FUZZ_SECONDS) -dict=test/fuzz/$$t.dict -artifact_prefix=build/fuzz/$$t- \
			build/fuzz/corpus_$$t test/fuzz/corpus/$$t || exit 1; \
	done

# ---- The commands

demo:
	@test/tools/demo.sh

stop:
	@test/tools/demo.sh stop

test:
	@test/tools/run.sh

lint:
	@test/tools/lint.sh

catalogue:
	@test/tools/catalogue.py

bench:
	@test/bench/bench.sh

dist:
	@mkdir -p build
	git archive --format=zip --prefix=spaser-$(EXTVERSION)/ -o build/spaser-$(EXTVERSION).zip HEAD
	git archive --format=tar.gz --prefix=spaser-$(EXTVERSION)/ -o build/spaser-$(EXTVERSION).tar.gz HEAD

# A kept demo server lives under build/
clean: stop

.PHONY: all clean install-scripts uninstall-scripts programs unit fuzz $(OWN_GOALS)
.DELETE_ON_ERROR:
