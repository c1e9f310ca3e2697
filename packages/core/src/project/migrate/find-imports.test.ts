import { expect, test } from 'vitest'
import { findImports } from './find-imports.ts'

const find = (code: string, hasDefaults = false): string[] =>
  findImports(code, { hasDefaults }).map(({ name, start, end }) =>
    [name, code.slice(start, end)].join(': '),
  )

test.each([
  ["import a from './a.jpg?w=3'", ["a: import a from './a.jpg?w=3'"]],
  ["  import a from './a.jpg?w=3' ;x", ["a: import a from './a.jpg?w=3' ;"]],
  ['<script>import a from "./a.jpg?w=3"</script>', ['a: import a from "./a.jpg?w=3"']],
  ["const b = import('./b.png?w=3')", [': ./b.png?w=3']],
  ["import a from './a.jpg'", []],
  ["import a from './a.jpg?url'", []],
  ["// import a from './a.jpg?w=3'", []],
  [
    "/*\nimport a from './a.jpg?w=3'\n*/import b from './b.jpg?w=4'",
    ["b: import b from './b.jpg?w=4'"],
  ],
  ["<!-- \n<img src='./a.jpg?w=3'> -->", []],
  ["const glob = 'src/**/*.jpg'\nimport a from './a.jpg?w=3'", ["a: import a from './a.jpg?w=3'"]],
  ["f('image/*')\nimport a from './a.jpg?w=3'\nf('*/*')", ["a: import a from './a.jpg?w=3'"]],
])('finds the imports in %j', (code, found) => {
  expect(find(code)).toEqual(found)
})

test('finds imports without directives if there are defaults', () => {
  expect(find("import a from './a.jpg'", true)).toEqual(["a: import a from './a.jpg'"])
})
