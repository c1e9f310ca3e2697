import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'

type MenuOptions = {
  /** What the button shows. */
  label: ComponentChildren
  /** Name of the panel. */
  name: string
  icon?: IconName
  /** Whether something of it is chosen. */
  isActive?: boolean
  /** Aligns the panel with the end of its button. */
  isAtEnd?: boolean
  children: ComponentChildren
}

/** Whether an event happened outside of an element. */
function isOutside(element: HTMLElement | null, event: Event): boolean {
  return element !== null && !element.contains(event.target as Node)
}

/** A button that opens a panel of options. Arrow keys move between them; Escape closes it. */
export function Menu(options: MenuOptions): JSX.Element {
  const [isOpen, setIsOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const panelId = useId()
  useEffect(() => {
    if (!isOpen) return undefined
    root.current?.querySelector<HTMLElement>('.menu-panel input, .menu-panel button')?.focus()
    const close = (event: Event) => {
      if (isOutside(root.current, event)) setIsOpen(false)
    }
    addEventListener('pointerdown', close)
    addEventListener('focusin', close)
    return () => {
      removeEventListener('pointerdown', close)
      removeEventListener('focusin', close)
    }
  }, [isOpen])
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      setIsOpen(false)
      button.current?.focus()
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      moveFocus(root.current, event.key === 'ArrowDown' ? 1 : -1)
    }
  }
  return (
    <div class="menu" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class={options.isActive ? 'button active' : 'button'}
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        onClick={() => setIsOpen(!isOpen)}
      >
        {options.icon === undefined ? null : <Icon name={options.icon} />}
        {options.label}
        <Icon name="down" />
      </button>
      {isOpen ? (
        <div
          id={panelId}
          class={options.isAtEnd ? 'menu-panel end' : 'menu-panel'}
          role="group"
          aria-label={options.name}
        >
          {options.children}
        </div>
      ) : null}
    </div>
  )
}

/** Moves the focus among the options of a panel, from the last to the first. */
function moveFocus(root: HTMLElement | null, by: 1 | -1): void {
  const options = [
    ...(root?.querySelectorAll<HTMLElement>('.menu-panel input, .menu-panel button') ?? []),
  ]
  const index = options.indexOf(document.activeElement as HTMLElement)
  options.at((index + by) % options.length)?.focus()
}
