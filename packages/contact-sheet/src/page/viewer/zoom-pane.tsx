import { type Signal, useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useText } from '../store/store.ts'
import { useSize, useZoom } from './use-zoom.ts'
import { fitSize, type Size, transformOf, type Zoom } from './zoom.ts'

type ZoomPaneProps = {
  /** `null` if there is no picture to show. */
  src: string | null
  /** Shown if `src` cannot be loaded. */
  fallback?: string | null
  alt: string
  label: string
  zoom: Signal<Zoom>
  /** Of the picture, px, until it is loaded. */
  size: Size
  /** Whether the frame has the shape of the picture. */
  isShaped?: boolean
  children?: ComponentChildren
}

/**
 * One picture in a frame, in which it is zoomed and moved. Panes with the same `zoom` move
 * together.
 */
export function ZoomPane(props: ZoomPaneProps): JSX.Element {
  const { src, fallback, alt, label, zoom, size, isShaped = false, children } = props
  const text = useText().asset.picture
  const frame = useRef<HTMLDivElement>(null)
  const frameSize = useSize(frame)
  const { natural, isBroken, shown, ...handlers } = usePicture(src, fallback ?? null, size)
  useZoom({ frame, picture: () => natural.value, zoom })
  const fit = fitSize(natural.value, frameSize.value)
  return (
    <div
      class="zoom-pane"
      style={isShaped ? { aspectRatio: `${size.width} / ${size.height}` } : undefined}
      ref={frame}
      tabIndex={0}
      data-zoomed={zoom.value.scale > 1 ? '' : undefined}
      role="group"
      aria-label={label}
      aria-description={text.keys}
    >
      {shown === null || isBroken ? (
        <p class="zoom-broken">{isBroken ? text.failed : ''}</p>
      ) : (
        <img
          src={shown}
          alt={alt}
          draggable={false}
          data-pixels={zoom.value.scale * (fit.width / natural.value.width) > 3 ? '' : undefined}
          style={{
            width: `${fit.width}px`,
            height: `${fit.height}px`,
            transform: transformOf(zoom.value, fit),
          }}
          {...handlers}
        />
      )}
      {children}
    </div>
  )
}

/**
 * Returns a size with the shape of a loaded picture. The loaded one can be a smaller copy, or a
 * vector without a size of its own.
 */
function withShapeOf(img: HTMLImageElement, size: Size): Size {
  if (img.naturalWidth === 0) return size
  const ratio = img.naturalWidth / img.naturalHeight
  const isSame = Math.abs(ratio / (size.width / size.height) - 1) < 0.01
  return isSame ? size : { width: size.width, height: size.width / ratio }
}

/** The picture that is shown, its true size, and what to do when it is loaded or cannot be. */
function usePicture(src: string | null, fallback: string | null, size: Size) {
  const natural = useSignal<Size>(size)
  const failed = useSignal<readonly (string | null)[]>([])
  useEffect(() => {
    natural.value = size
    failed.value = []
  }, [src, fallback])
  const choices = [src, fallback].filter((url) => url !== null)
  const shown = choices.find((url) => !failed.value.includes(url)) ?? null
  return {
    natural,
    shown,
    isBroken: choices.length > 0 && shown === null,
    onLoad: ({ currentTarget: img }: { currentTarget: HTMLImageElement }) => {
      natural.value = withShapeOf(img, size)
    },
    onError: () => {
      failed.value = [...failed.value, shown]
    },
  }
}
