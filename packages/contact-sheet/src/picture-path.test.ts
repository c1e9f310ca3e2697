import { describe, expect, it } from 'vitest'
import { parsePicturePath, pathOfPicture } from './picture-path.ts'
import type { PictureRef } from './protocol.ts'

const refs: PictureRef[] = [
  { kind: 'thumb', asset: 'product/mug', version: 'a1' },
  { kind: 'master', asset: '../../etc/passwd', version: '' },
  { kind: 'output', asset: 'hero', file: 'card 640&x=1.webp', version: '#?' },
  { kind: 'earlier', asset: '海港', id: 'git:0a1b' },
  { kind: 'partial', asset: 'a?b#c', version: '2' },
]

describe('parsePicturePath', () => {
  it.each(refs)('reads what pathOfPicture writes for $kind of $asset', (ref) => {
    expect(parsePicturePath(pathOfPicture(ref))).toEqual(ref)
    expect(parsePicturePath(`/${pathOfPicture(ref)}`)).toEqual(ref)
  })

  it.each([
    '',
    'picture/',
    'picture/thumb',
    'picture/thumb?version=1',
    'picture/thumb?asset=&version=1',
    'picture/output?asset=a&version=1',
    'picture/earlier?asset=a',
    'picture/secret?asset=a&version=1',
    '../picture/thumb?asset=a&version=1',
  ])('refuses %s', (path) => {
    expect(parsePicturePath(path)).toBeNull()
  })
})
