/**
 * The keys that lead to a part of a manifest. With a number in front: to a part of the included
 * file of that number.
 */
export type Path = readonly (string | number)[]
