# aquatint - every number that moved every weight, as a file and as a picture
#
#	make             the programs, in build/bin
#	make deps        install what is missing (Debian, Ubuntu), or say what to install
#	make deps-browser  and Chromium, in which the report's page is tested
#	make demo        the whole line on drawn data; ends with pictures in build/demo
#	make test        unit tests, end-to-end tests, lints of floors and man pages
#	make unit        the unit tests alone (seconds)
#	make e2e         the end-to-end tests alone
#	make lint        floors, man pages, white space, static analysis
#	make bench       speed of kernels, networks, files, as tables and build/bench.json; BENCH='conv net' for some
#	make check-asan  the tests under the address and undefined-behaviour sanitizers
#	make check-tsan  the unit tests that start threads, under the thread sanitizer
#	make check-fuzz  20,000 damaged files through all readers (FILES=..., SEED=...)
#	make golden      accept the present output as the expected one (then read the diff)
#	make install     into $(DESTDIR)$(PREFIX); make uninstall takes it all back
#	make clean       remove build/
#	make V=1 ...     show the commands;  make WERROR=1 makes warnings errors

B      ?= build
PREFIX ?= /usr/local
CFLAGS ?= -O3 -g
OBJCOPY ?= objcopy
V      ?= 0
WERROR ?= $(if $(CI),1,0)

# ---- what it needs: before anything is asked of it ------------------------------------------------

ifneq (,$(filter deps,$(MAKECMDGOALS)))
ifneq (ok,$(lastword $(shell sh tests/lint/deps.sh >&2 && echo ok)))
$(error something is missing that could not be installed)
endif
endif

# ---- what there is: found, not listed ------------------------------------------------------------

# A file *_kernel.c is compiled once for each instruction set and chosen from at run time.
KERNELS := $(wildcard lib/*/*_kernel.c)
LIB_SRC := $(filter-out $(KERNELS),$(wildcard lib/*/*.c))
CMD_SRC := $(wildcard cmd/*.c)
UNITS   := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
# The table of whole networks comes last.
BENCH   ?= $(filter-out net,$(patsubst tests/bench/bench_%.c,%,$(wildcard tests/bench/bench_*.c))) net
FILES   ?= 20000
FLIPS   ?= $(if $(AQUATINT_LONG),1,199)
SEED    ?= 1
FUZZ    := $(B)/tests/fuzz/fuzz_files
FUZZ_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard tests/fuzz/*.c))
E2E     := $(wildcard tests/e2e/*.sh tests/malformed/*.sh)
BINS    := $(CMD_SRC:cmd/%.c=$(B)/bin/aquatint-%)
MACHINE := $(shell $(CC) -dumpmachine)
ISAS    := plain $(if $(findstring x86_64,$(MACHINE)),avx2 avx512)

LIB     := $(B)/libaquatint.a
LIB64   := $(B)/libaquatint64.a
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o) $(foreach isa,$(ISAS),$(KERNELS:%.c=$(B)/%.$(isa).o)) \
           $(B)/schemas.o $(B)/page.o
# The same networks in double precision, for checking gradients against differences.
SRC64   := $(filter lib/base/% lib/num/% lib/nn/%,$(LIB_SRC))
OBJ64   := $(SRC64:%.c=$(B)/64/%.o) $(KERNELS:%.c=$(B)/64/%.plain.o)

# ---- how it is compiled --------------------------------------------------------------------------

PKG_CFLAGS := $(shell pkg-config --cflags hdf5 libpng zlib 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs hdf5 libpng zlib 2>/dev/null)
TEST_LIBS  := $(shell pkg-config --libs cmocka 2>/dev/null)
VERSION    := 0.1.0

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wundef -Wvla -Wpointer-arith -Wcast-qual \
            -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
            $(if $(filter 1,$(WERROR)),-Werror)
# gcc 12 dies of some loops that take a maximum with fmax when it makes vectors of them for ARM; what
# matters spells its vectors out in kernels, which are spared.
SPARE     := $(if $(findstring aarch64,$(MACHINE)),$(if $(filter 12%,$(shell $(CC) -dumpversion)),-fno-tree-loop-vectorize))
# -ffp-contract=off: a sum is rounded as it is written, on every compiler and processor.
COMPILE   = $(CC) -std=c17 -D_GNU_SOURCE -DAQ_VERSION='"$(VERSION)"' -ffp-contract=off $(WARNINGS) \
            -iquote lib $(PKG_CFLAGS) -pthread -MMD -MP $(CFLAGS) $(CPPFLAGS)
LINK      = $(CC) $(CFLAGS) -pthread $(LDFLAGS)
LIBS      = $(PKG_LIBS) -lz -lm
say       = $(if $(filter 0,$(V)),@printf '  %-5s %s\n' $1 $2;)

# -Wno-psabi: vectors wider than the machine's go through functions that are all inlined.
ISA_plain  := -DAQ_ISA=plain -Wno-psabi
ISA_avx2   := -DAQ_ISA=avx2 -Wno-psabi -mavx2 -mfma -mpclmul
ISA_avx512 := -DAQ_ISA=avx512 -Wno-psabi -mavx512f -mavx512vl -mavx512bw -mavx512dq -mavx2 -mfma -mpclmul \
              -mprefer-vector-width=512

.PHONY: all
all: $(BINS)

$(B)/64/%.plain.o: %.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CC64,$<) $(COMPILE) $(ISA_plain) -DAQ_DOUBLE -c $< -o $@
$(B)/64/%.o: %.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CC64,$<) $(COMPILE) -DAQ_DOUBLE -c $< -o $@

define kernel_rule
$(B)/%_kernel.$1.o: %_kernel.c $(B)/.flags
	@mkdir -p $$(@D)
	$$(call say,CC,$$<\ for\ $1) $$(COMPILE) $(ISA_$1) -c $$< -o $$@
endef
$(foreach isa,$(ISAS),$(eval $(call kernel_rule,$(isa))))

$(B)/%.o: %.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$<) $(COMPILE) $(SPARE) -c $< -o $@

# The schemas of the files and the parts of the report's page, built in.
SCHEMAS := $(wildcard schemas/*.schema)
PAGE    := $(wildcard lib/view/report/*)
$(B)/schemas.c: lib/embed.awk $(SCHEMAS)
	@mkdir -p $(@D)
	$(call say,MAKE,$@) awk -v header=io/schema.h -v table='struct aq_schema aq_schemas' -f $^ > $@
$(B)/page.c: lib/embed.awk $(PAGE)
	@mkdir -p $(@D)
	$(call say,MAKE,$@) awk -v header=view/html.h -v table='struct aq_html_part aq_html_parts' -f $^ > $@
$(B)/schemas.o $(B)/page.o: %.o: %.c $(B)/.flags
	$(call say,CC,$<) $(COMPILE) -c $< -o $@

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(call say,AR,$@) $(AR) rcs $@ $^
$(LIB64): $(OBJ64)
	@rm -f $@
	$(call say,AR,$@) $(AR) rcs $@ $^

# The check of gradients comes from the double build, closed up into one object of which only its entry
# can be seen: both builds have functions of the same names.
GRADCHECK := $(B)/64/gradcheck.o
$(GRADCHECK): $(OBJ64)
	$(call say,LD,$@) $(CC) $(CFLAGS) -r -nostdlib $^ -o $@.all
	@$(OBJCOPY) --redefine-sym aq_gradcheck=aq_gradcheck64 --keep-global-symbol=aq_gradcheck64 $@.all $@
$(B)/bin/aquatint-train: $(GRADCHECK)

$(B)/bin/aquatint-%: $(B)/cmd/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(LINK) $^ $(LIBS) -o $@

# A test or benchmark named *64 runs the double-precision networks.
$(B)/tests/unit/%64: $(B)/64/tests/unit/%64.o $(LIB64)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(LINK) $^ $(LIBS) $(TEST_LIBS) -o $@
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(LIB)
	$(call say,LD,$@) $(LINK) $^ $(LIBS) $(TEST_LIBS) -o $@
# This one sees every call of the allocator.
$(B)/tests/unit/test_noalloc: LDFLAGS += $(foreach f,malloc calloc realloc aligned_alloc posix_memalign,-Wl,--wrap=$f)
# These put faults into the programs, through a library that is preloaded.
INJECTED := $(addprefix $(B)/tests/unit/test_,faults nomemory moments lock)
$(INJECTED:%=%.ok): $(B)/tests/inject.so $(BINS)
$(B)/tests/inject.so: $(wildcard tests/inject/*.[ch]) $(B)/.flags
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -O2 -g -fPIC -shared $(filter %.c,$^) -o $@ -ldl
$(FUZZ): $(FUZZ_OBJ) $(LIB)
	$(call say,LD,$@) $(LINK) $^ $(LIBS) $(TEST_LIBS) -o $@
$(B)/tests/bench/%: $(B)/tests/bench/%.o $(LIB)
	$(call say,LD,$@) $(LINK) $^ $(LIBS) -o $@

# Everything is rebuilt when the compiler or its flags change.
$(B)/.flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(COMPILE))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(COMPILE))' > $@

-include $(shell find $(B) -name '*.d' -type f 2>/dev/null)

# ---- tests: a passed test leaves a .ok and sleeps until what it tests changes --------------------

.PHONY: test unit e2e lint bench golden check-asan check-tsan check-fuzz
test: unit e2e lint-floors lint-man
	@printf 'tests: %d passed, 0 failed\n' \
	  $$(cat $(UNITS:%=%.ok) | grep -c '^\[       OK \]\|^ok' | awk '{n+=$$1} END {print n+$(words $(E2E))}')
unit: $(UNITS:%=%.ok)
e2e:  $(E2E:%.sh=$(B)/%.ok)

run = $(call say,TEST,$*) ( $1 ) > $@.log 2>&1 || { cat $@.log; echo "failed: $*"; exit 1; }; mv $@.log $@

$(B)/tests/unit/%.ok: $(B)/tests/unit/%
	@rm -rf $<.run && mkdir -p $<.run
	$(call run,cd $<.run && ../$*)

$(B)/tests/%.ok: tests/%.sh tests/lib.sh $(BINS)
	@rm -rf $(B)/tests/$*.d && mkdir -p $(B)/tests/$*.d
	$(call run,cd $(B)/tests/$*.d && AQ_TOP=$(CURDIR) PATH=$(abspath $(B))/bin:$$PATH \
	  sh -eu -c '. $(CURDIR)/tests/lib.sh; . $(CURDIR)/$<')

.PHONY: lint-floors lint-man lint-space lint-static
lint-floors:
	$(call say,LINT,floors) awk -f tests/lint/floors.awk $(wildcard lib/*/*.[ch] cmd/*.c)
lint-man: $(BINS)
	$(call say,LINT,man) sh tests/lint/man.sh $(abspath $(B))/bin
lint-space:
	$(call say,LINT,space) sh tests/lint/space.sh
lint-static:
	$(call say,LINT,static) sh tests/lint/static.sh
lint: lint-floors lint-man lint-space lint-static

# What is slow to measure takes fewer repeats here; each program says in its head how to have more of it.
bench: $(BENCH:%=$(B)/tests/bench/bench_%) $(BINS) $(if $(filter access,$(BENCH)),$(B)/bench.run.h5)
	@rm -f $(B)/bench.lines
	@for b in $(BENCH); do case $$b in record) set -- 3 1600;; access) set -- $(B)/bench.run.h5;; *) set --;; esac; \
	  AQ_BENCH_JSON=$(B)/bench.lines $(B)/tests/bench/bench_$$b "$$@" || exit 1; echo; done
	@{ echo '['; sed '$$!s/$$/,/' $(B)/bench.lines; echo ']'; } > $(B)/bench.json && rm $(B)/bench.lines
	@echo 'the figures as JSON: $(B)/bench.json'
$(B)/bench.run.h5: $(BINS)
	@$(B)/bin/aquatint-prep --quiet synth:shapes --limit 1000 --test-limit 100 -o $(B)/bench.data.h5
	@$(B)/bin/aquatint-train --quiet --force --batch 8 --steps 1500 pipelines/nets/shapes.net $(B)/bench.data.h5 -o $@
golden: $(BINS)
	UPDATE=1 $(MAKE) --always-make e2e

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
check-asan:
	LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lint/lsan.supp:print_suppressions=0 $(MAKE) B=$(B)/asan CFLAGS='-O2 -g $(SANITIZE)' unit e2e
# Where one thread works, the thread sanitizer has nothing to find; test_inject is test_session a thousand times.
THREADED = $(filter-out %/test_inject.c,$(shell grep -lE 'aq_(pool_new|ring_new|courier|session)|pthread' \
  tests/unit/test_*.c))
check-tsan:
	$(MAKE) B=$(B)/tsan CFLAGS='-O2 -g -fsanitize=thread' $(THREADED:%.c=$(B)/tsan/%.ok)
check-fuzz: $(FUZZ)
	@mkdir -p $(FUZZ).run
	cd $(FUZZ).run && ../fuzz_files --flips $(FLIPS) --seed $(SEED) && ../fuzz_files --files $(FILES) --seed $(SEED)

# ---- what it needs, demo, install ----------------------------------------------------------------

.PHONY: deps deps-browser demo install uninstall clean help
# Done above, when this file was read.
deps:
	@:
deps-browser:
	@sh tests/lint/deps.sh browser

demo: all
	@PATH=$(abspath $(B))/bin:$$PATH $(MAKE) --no-print-directory -C pipelines -f demo.mk OUT=$(abspath $(B))/demo

BIN_DIR := $(DESTDIR)$(PREFIX)/bin
MAN_DIR := $(DESTDIR)$(PREFIX)/share/man
AQ_DIR  := $(DESTDIR)$(PREFIX)/share/aquatint
PAGES1  := $(wildcard cmd/*.1)
PAGES5  := $(wildcard schemas/*.5)

install: all
	install -d $(BIN_DIR) $(MAN_DIR)/man1 $(MAN_DIR)/man5 $(AQ_DIR)/schemas $(AQ_DIR)/nets
	install $(BINS) $(BIN_DIR)
	install -m 644 $(PAGES1) $(MAN_DIR)/man1
	install -m 644 $(PAGES5) $(MAN_DIR)/man5
	install -m 644 schemas/README schemas/*.schema $(AQ_DIR)/schemas
	install -m 644 pipelines/nets/*.net $(AQ_DIR)/nets
	install -m 644 pipelines/*.mk pipelines/*.list pipelines/*.sbatch $(AQ_DIR)
	install pipelines/*.sh $(AQ_DIR)
uninstall:
	rm -f $(BINS:$(B)/bin/%=$(BIN_DIR)/%)
	rm -f $(PAGES1:cmd/%=$(MAN_DIR)/man1/%) $(PAGES5:schemas/%=$(MAN_DIR)/man5/%)
	rm -rf $(AQ_DIR)

clean:
	rm -rf $(B)
help:
	@sed -n 's/^#	//p' Makefile

FORCE:
.SECONDARY:
.DELETE_ON_ERROR:
