// Discourse's own rules for templates. The connectors for 3.1 are of the time before strict mode.

const discourse = require("@discourse/lint-configs/template-lint");

module.exports = {
  ...discourse,
  overrides: [
    ...discourse.overrides,
    {
      files: ["**/*.hbs"],
      rules: {
        "require-strict-mode": false,
        "discourse/no-implicit-this": false,
      },
    },
  ],
};
