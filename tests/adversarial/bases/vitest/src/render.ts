import type { Item } from "./list";

export function render(items: Item[]): string {
  return items.map((item) => `[${item.done ? "x" : " "}] ${item.title}`).join("\n");
}
