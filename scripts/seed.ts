import fc from 'fast-check';

/**
 * Laws are tried with the same cases in every run, so that a change and not chance decides whether the tests pass.
 * `ATTUNE_SEED=random npx vitest run …` looks for new counterexamples; a number gives just that seed.
 */
const asked = process.env.ATTUNE_SEED;
const seed = asked === undefined ? 20_170_721 : Number(asked);
fc.configureGlobal({ ...fc.readConfigureGlobal(), ...(Number.isInteger(seed) ? { seed } : {}) });
