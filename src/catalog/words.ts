/** `direct_orders` -> `Direct orders`: what people read where the catalog gives no label. */
export function inWords(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
