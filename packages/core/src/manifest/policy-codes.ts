/** What `policy` can require of every picture: the values of `require`. */
export const requirements = ['alt'] as const
export type Requirement = (typeof requirements)[number]
/** The findings of policies, as acknowledgements name them. */
export const policyCodes = ['model', 'provider', 'cost', 'page-bytes', 'alt'] as const
export type PolicyCode = (typeof policyCodes)[number]
