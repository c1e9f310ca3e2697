import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decode, inspectPicture } from './decode.ts'
import { readMaster } from './read-master.ts'
import { readSize } from './read-size.ts'

/*
 * librsvg reads no SVG in this process: here it can't, and all of these succeed nevertheless, in
 * the process that can be ended.
 */

beforeAll(() => sharp.block({ operation: ['VipsForeignLoadSvg'] }))
afterAll(() => sharp.unblock({ operation: ['VipsForeignLoadSvg'] }))

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="9" height="9"/></svg>'

test.each([
  ['an SVG', svg],
  ['one with a declaration and a comment', `<?xml version="1.0"?><!-- x -->\n${svg}`],
  ['one with a byte order mark', `\uFEFF${svg}`],
  ['one after blank lines', `\n\t ${svg}`],
  ['one in UTF-16', Buffer.from(`\uFEFF${svg}`, 'utf16le')],
  ['one after much text', `<!-- ${'x'.repeat(70_000)} -->${svg}`],
])('reads %s in a process of its own', async (_, content) => {
  const bytes = Buffer.from(content)
  await expect(sharp(Buffer.from(svg)).metadata()).rejects.toThrow()
  expect(await readSize(bytes)).toMatchObject({ width: 40, height: 30 })
  expect(await inspectPicture(bytes)).toMatchObject({ format: 'svg', width: 40, height: 30 })
  expect(await decode(bytes)).toMatchObject({ width: 2048, height: 1536 })
  expect(await readMaster(bytes)).toMatchObject({ format: 'svg', extension: 'svg' })
})

test.each([
  ['compressed', gzipSync(svg)],
  ['in HTML', Buffer.from(`<html><body>${'<p>'.repeat(30_000)}${svg}`)],
])('reads no SVG that is %s', async (_, bytes) => {
  expect(await readSize(bytes)).toBeUndefined()
  for (const read of [decode, inspectPicture, readMaster]) {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'picture/unreadable' })
  }
})
