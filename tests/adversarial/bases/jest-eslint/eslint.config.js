module.exports = [
  {
    files: ["src/**/*.js"],
    languageOptions: { sourceType: "commonjs" },
    rules: { "no-unused-vars": "error", eqeqeq: "error" },
  },
];
