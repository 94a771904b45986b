/** What a cell comes as from a store: exact numbers are text, booleans are booleans or 0/1, dates are YYYY-MM-DD. */
export type Cell = string | number | boolean | null
