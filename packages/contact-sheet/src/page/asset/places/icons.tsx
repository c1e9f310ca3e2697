import type { JSX } from 'preact'

const paths = {
  heart: 'M12 20s-7-4.4-7-9.6A4 4 0 0 1 12 8a4 4 0 0 1 7 2.4c0 5.2-7 9.6-7 9.6Z',
  speech: 'M5 5h14v10H10l-4 4v-4H5Z',
  arrow: 'm4 12 16-7-6 15-3-6Z',
  flag: 'M7 4h10v16l-5-4-5 4Z',
  repeat: 'M5 9h12l-3-3m5 9H7l3 3',
  share: 'M12 4v11m-4-7 4-4 4 4M6 13v6h12v-6',
  dots: 'M6 12h.01M12 12h.01M18 12h.01',
} as const

/** A drawing in the style of apps, of no one's brand. */
export function PlaceIcon({ name }: { name: keyof typeof paths }): JSX.Element {
  return (
    <svg class="place-icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
