/** A value of a template variable or of one dimension of a matrix. */
export type Scalar = string | number

/** `each` of an output: lists of values by variable. */
export type EachFile = Record<string, Scalar[]>
