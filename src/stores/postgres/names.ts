/** Quotes an identifier as PostgreSQL reads it: case is kept, any character is allowed. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Quotes a table name, schema-qualified or not. */
export function quoteTable(table: string): string {
  return table.split('.').map(quoteName).join('.')
}
