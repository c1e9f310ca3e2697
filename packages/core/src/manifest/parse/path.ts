/**
 * The keys that lead to a part of a manifest. A number in front leads into the included file of
 * that number, counted from 1.
 */
export type Path = readonly (string | number)[]
