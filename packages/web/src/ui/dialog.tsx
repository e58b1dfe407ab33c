/** A question over the page: the browser's own modal dialog, which keeps the focus and gives it back. */
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { IconButton } from './button.tsx'
import styles from './dialog.module.css'

export interface DialogProps {
  readonly title: string
  readonly lead?: string | undefined
  /** Stands beside the title. */
  readonly picture?: ReactNode
  readonly closeLabel: string
  readonly children: ReactNode
  onClose(): void
}

/** What a dialog is answered with has the focus first, not the button that closes it. */
const FIRST = 'input:not([type="radio"]), button[type="submit"], [data-first]'

/** Is open as long as it is mounted. */
export function Dialog({ title, lead, picture, closeLabel, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  // Closed while it is still on the page: only then does it give the focus back to where it came from.
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    // Where nothing is asked the dialog itself has it: it is read out, and no button seems to be chosen.
    const first = element?.querySelector<HTMLElement>(FIRST) ?? element
    first?.focus()
    return () => element?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard closes a modal dialog with Escape, by itself.
    <dialog
      ref={dialog}
      className={styles.dialog}
      tabIndex={-1}
      aria-labelledby={`${id}-title`}
      aria-describedby={lead === undefined ? undefined : `${id}-lead`}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <div className={styles.sheet}>
        <header className={styles.header}>
          {picture}
          <div className={styles.words}>
            <h2 className={styles.title} id={`${id}-title`} dir="auto">
              {title}
            </h2>
            {lead !== undefined && (
              <p className={styles.lead} id={`${id}-lead`}>
                {lead}
              </p>
            )}
          </div>
          <IconButton icon="close" label={closeLabel} size="s" onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  )
}

/** The row of buttons at a dialog's foot. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>
}
