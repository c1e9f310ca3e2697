import type { JSX } from 'preact'
import { useText } from '../../store/store.ts'
import { OutputPicture } from '../output-picture.tsx'
import { Lines } from './parts.tsx'
import type { PlaceProps } from './place-props.ts'

/** The frame of a browser's window, with its address. */
function Window({ children }: { children: JSX.Element | JSX.Element[] }): JSX.Element {
  const { sample } = useText().asset.places
  return (
    <div class="place-card place-window">
      <div class="window-bar" aria-hidden="true">
        <i />
        <i />
        <i />
        <span>{sample.site}</span>
      </div>
      {children}
    </div>
  )
}

/** A product in a shop. */
export function ProductPlace({ view, output }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  return (
    <div class="place-card place-product">
      <div class="place-picture">
        <OutputPicture view={view} output={output} />
      </div>
      <div class="product-words">
        <b>{sample.product}</b>
        <span class="product-price">{sample.price}</span>
        <Lines widths={[90, 62]} />
        <span class="product-button">{sample.buy}</span>
      </div>
    </div>
  )
}

/** A page that opens with the picture. */
export function ArticlePlace({ view, output }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  return (
    <Window>
      <div class="place-picture">
        <OutputPicture view={view} output={output} />
      </div>
      <div class="article-words">
        <b>{sample.title}</b>
        <Lines widths={[96, 90, 72]} />
      </div>
    </Window>
  )
}

/** A mail with the picture on top. */
export function MailPlace({ view, output }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  return (
    <div class="place-card place-mail">
      <div class="mail-head">
        <i class="post-portrait" aria-hidden="true" />
        <div>
          <b>{sample.subject}</b>
          <span>{`${sample.account} <mail@${sample.site}>`}</span>
        </div>
      </div>
      <div class="mail-body">
        <div class="place-picture">
          <OutputPicture view={view} output={output} />
        </div>
        <Lines widths={[94, 88, 60]} />
      </div>
    </div>
  )
}

/** An ad between the words of a page, at its share of the page's width. */
export function AdPlace({ view, output }: PlaceProps): JSX.Element {
  const { sample } = useText().asset.places
  const isTall = output.height > output.width
  return (
    <Window>
      <div class={isTall ? 'ad-page ad-beside' : 'ad-page'}>
        <Lines widths={isTall ? [92, 96, 88, 94, 70, 90, 84, 40] : [96, 90]} />
        <div class="ad-box" style={{ maxWidth: `${output.width}px` }}>
          <span class="ad-label">{sample.ad}</span>
          <div class="place-picture">
            <OutputPicture view={view} output={output} />
          </div>
        </div>
        {isTall ? <></> : <Lines widths={[94, 97, 52]} />}
      </div>
    </Window>
  )
}

/** A printed sheet. */
export function PrintPlace({ view, output }: PlaceProps): JSX.Element {
  return (
    <div class="place-print">
      <div class="place-picture">
        <OutputPicture view={view} output={output} />
      </div>
    </div>
  )
}
