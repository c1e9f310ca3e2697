import type { Sharp } from 'sharp'

/**
 * IPTC's mark for media made by a trained model, as XMP. Transparency rules require it and search
 * engines read it. Source: IPTC NewsCodes, "digitalsourcetype".
 */
const AI_MADE = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta>`

/**
 * Marks a picture as made by a model. `markGif` and `markSvg` mark the finished files of those
 * formats.
 */
export function markAsAiMade(image: Sharp): Sharp {
  return image.withXmp(AI_MADE)
}

/**
 * Marks a GIF file: inserts XMP as an application extension before the trailer. Source: XMP
 * specification, part 3.
 */
export function markGif(gif: Buffer): Buffer {
  const head = Buffer.concat([Buffer.from([0x21, 0xff, 0x0b]), Buffer.from('XMP DataXMP')])
  // Readers that expect blocks of at most 255 bytes skip along this "magic trailer" to its end.
  const trailer = Buffer.from([
    0x01,
    ...Array.from({ length: 256 }, (_, index) => 255 - index),
    0x00,
  ])
  return Buffer.concat([gif.subarray(0, -1), head, Buffer.from(AI_MADE), trailer, gif.subarray(-1)])
}

/** Marks a sanitised SVG: inserts XMP as its first child. */
export function markSvg(svg: string): string {
  return svg.replace(
    /<svg(\s+[\w:-]+\s*=\s*("[^"]*"|'[^']*'))*\s*>/,
    (start) => `${start}<metadata>${AI_MADE}</metadata>`,
  )
}
