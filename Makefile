# Two commands matter: `make up` and `make test`. Everything they do is in sandbox/main.ts and test/run.ts.
SANDBOX := node --import tsx sandbox/main.ts
PACKAGES := node_modules/.package-lock.json

.PHONY: up down status rotate env tools test bench clean-all

up: $(PACKAGES)
	@$(SANDBOX) up

down status rotate env tools: $(PACKAGES)
	@$(SANDBOX) $@

test: $(PACKAGES)
	@npx tsx test/run.ts

bench: $(PACKAGES)
	@npx tsx test/bench/run.ts

clean-all: $(PACKAGES)
	@$(SANDBOX) clean
	rm -rf node_modules

# To standard error: `make env` prints nothing but what a shell is to evaluate.
$(PACKAGES): package.json package-lock.json
	@npm ci --no-audit --no-fund >&2
	@touch $@
