export interface Item {
  title: string;
  done: boolean;
}

export function add(items: Item[], title: string): Item[] {
  const trimmed = title.trim();
  if (trimmed === "") throw new Error("an item needs a title");
  return [...items, { title: trimmed, done: false }];
}

export function complete(items: Item[], title: string): Item[] {
  return items.map((item) => (item.title === title ? { ...item, done: true } : item));
}
