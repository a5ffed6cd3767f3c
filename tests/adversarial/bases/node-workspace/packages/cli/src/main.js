import { convert } from "../../core/src/convert.js";

export function main([value, from, to]) {
  if (to === undefined) return "usage: units VALUE FROM TO";
  return `${value} ${from} = ${convert(Number(value), from, to).toFixed(2)} ${to}`;
}
