function level(score) {
  if (!Number.isFinite(score)) throw new TypeError("score must be a number");
  if (score >= 90) return "gold";
  if (score >= 50) return "silver";
  return "bronze";
}

module.exports = { level };
