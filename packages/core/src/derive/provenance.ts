import type { Sharp } from 'sharp'

/**
 * IPTC's mark of media made by a trained model, as XMP. Transparency rules ask for it, and
 * search engines read it. Source: IPTC NewsCodes, "digitalsourcetype".
 */
const AI_MADE = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta>`

/** Marks a picture as made by a model. */
export function markAsAiMade(image: Sharp): Sharp {
  return image.withXmp(AI_MADE)
}
