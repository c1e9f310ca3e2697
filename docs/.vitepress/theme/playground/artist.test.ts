import { expect, test, vi } from 'vitest'
import { type Artist, type ArtistWorker, createArtist } from './artist.ts'
import type { DrawAnswer, DrawOrder } from './pictures/worker.ts'
import type { Drawing } from './plan/planned.ts'

const drawing = (prompt: string): Drawing => ({
  prompt,
  width: 8,
  height: 8,
  transparent: false,
  variant: 0,
})

/** An artist with workers that answer when the test says so. */
function setUp(): {
  artist: Artist
  asked: string[]
  stopped: string[]
  answer: (answer?: DrawAnswer) => void
} {
  const asked: string[] = []
  const stopped: string[] = []
  let listener: ((event: { data: DrawAnswer }) => void) | undefined
  const start = (): ArtistWorker => {
    let last = ''
    return {
      postMessage: ({ drawing: { prompt } }: DrawOrder) => asked.push((last = prompt)),
      terminate: () => stopped.push(last),
      addEventListener: (_, added) => {
        listener = added
      },
    }
  }
  const artist = createArtist({ maxEdge: 8, onDrawn: () => {}, start })
  const png: DrawAnswer = { png: new Uint8Array(1) }
  return { artist, asked, stopped, answer: (data = png) => listener!({ data }) }
}

test('draws one picture after the other, and none twice', () => {
  const { artist, asked, answer } = setUp()
  artist.draw([drawing('a'), drawing('b'), drawing('a')])
  expect(asked).toEqual(['a'])
  answer()
  answer()
  artist.draw([drawing('b'), drawing('a')])
  expect(asked).toEqual(['a', 'b'])
  expect(artist.urlOf(drawing('b'))).toMatch(/^blob:/)
  artist.close()
})

test('stops a picture that nobody wants any more, and no other', () => {
  const { artist, asked, stopped, answer } = setUp()
  artist.draw([drawing('a'), drawing('b')])
  artist.draw([drawing('c'), drawing('a')])
  expect(stopped).toEqual([])
  artist.draw([drawing('d')])
  expect(stopped).toEqual(['a'])
  answer()
  expect(asked).toEqual(['a', 'd'])
  expect(artist.urlOf(drawing('d'))).toMatch(/^blob:/)
  artist.close()
})

test('goes on after a picture that can not be drawn', () => {
  const { artist, asked, answer } = setUp()
  artist.draw([drawing('a'), drawing('b')])
  answer({ failure: 'no' })
  expect(artist.urlOf(drawing('a'))).toBeUndefined()
  expect(asked).toEqual(['a', 'b'])
  artist.close()
})

test('frees the pictures that were wanted longest ago', () => {
  const revoke = vi.spyOn(URL, 'revokeObjectURL')
  const { artist, answer } = setUp()
  for (let index = 0; index < 60; index++) {
    artist.draw([drawing(`${index}`)])
    answer()
  }
  expect(revoke).toHaveBeenCalled()
  expect(artist.urlOf(drawing('0'))).toBeUndefined()
  expect(artist.urlOf(drawing('59'))).toMatch(/^blob:/)
  artist.close()
  revoke.mockRestore()
})
