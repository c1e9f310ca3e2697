import { expect, test } from 'vitest'
import { convertDirectives } from './directives.ts'

const picture = {
  path: 'a.jpg',
  format: 'jpeg',
  width: 1000,
  height: 500,
  hasAlpha: false,
  isAnimated: false,
  digest: '',
}
const convert = (query: string): string =>
  convertDirectives(new URLSearchParams(query), picture).rule

test.each([
  ['w=300', '{ name: w300-jpeg, width: 300, formats: [jpeg] }'],
  ['w=3000&format=webp', '{ name: w1000-webp, width: 1000, formats: [webp] }'],
  [
    'w=600;300;600&format=avif;webp;jpg&as=picture&quality=60',
    '{ name: w300-600-avif-webp-jpeg-q60, widths: [300, 600], formats: [avif, webp, jpeg], quality: 60 }',
  ],
  ['h=100', '{ name: w200x100-jpeg, width: 200, height: 100, formats: [jpeg], position: centre }'],
  [
    'w=200&h=200&position=north',
    '{ name: w200x200-top-jpeg, width: 200, height: 200, formats: [jpeg], position: top }',
  ],
  [
    'aspect=1:1&format=webp',
    '{ name: w500x500-webp, width: 500, height: 500, formats: [webp], position: centre }',
  ],
  [
    'w=200;400&aspect=2:1&as=srcset',
    '{ name: w200-400x200-jpeg, widths: [200, 400], height: 200, formats: [jpeg], position: centre }',
  ],
  [
    'w=200&h=200&fit=contain&background=fff',
    "{ name: w200x200-contain-fff-jpeg, width: 200, height: 200, formats: [jpeg], fit: contain, position: centre, background: '#fff' }",
  ],
  [
    'w=300&grayscale',
    '{ name: w300-jpeg-grayscale, width: 300, formats: [jpeg], grayscale: true }',
  ],
  ['w=300&flip', '{ name: w300-jpeg-vertical, width: 300, formats: [jpeg], flip: vertical }'],
  [
    'w=300&flop=true&grayscale=false',
    '{ name: w300-jpeg-horizontal, width: 300, formats: [jpeg], flip: horizontal }',
  ],
  ['w=300&flip&flop', '{ name: w300-jpeg-both, width: 300, formats: [jpeg], flip: both }'],
])('converts %s', (query, rule) => {
  expect(convert(query)).toBe(rule)
})

test.each([
  ['w=300&normalize', '`normalize`'],
  ['w=300&tint=red', '`tint`'],
  ['w=300&grayscale=2', '`grayscale`'],
  ['w=300&as=metadata', '`as=metadata`'],
  ['w=300;600', 'several URLs'],
  ['w=300&format=tiff', 'no tiff'],
  ['format=gif', 'only of animations'],
  ['w=300&h=100&fit=fill', '`fit=fill`'],
  ['w=1000&aspect=1:1', 'larger than the picture'],
  ['w=300&format=webp&as=picture', 'one file'],
  ['w=300;600&format=webp;avif&as=srcset', 'one format'],
  ['w=300;600&h=100;200', 'several heights'],
  ['w=wide', 'not a number'],
  ['aspect=a:b', 'not a ratio'],
])('leaves %s alone', (query, reason) => {
  expect(() => convert(query)).toThrow(reason)
})
