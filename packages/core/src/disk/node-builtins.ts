/* oxlint-disable no-restricted-globals -- the one way to what Node has built in that fetches nothing else */

/*
 * Modules of Node's for what every start of the command line goes through. An `import` of one
 * fetches also what it offers on demand: that of `node:fs` its promises, that of `node:util`
 * workers, that of `node:process` all three streams. Together these make Node start a third slower.
 */

const own = process
export { own as process }
export const fs = own.getBuiltinModule('node:fs')
export const util = own.getBuiltinModule('node:util')
