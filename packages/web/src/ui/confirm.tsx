/** A question before something that is hard to undo. */
import { Button } from './button.tsx'
import styles from './confirm.module.css'
import { Dialog, DialogActions } from './dialog.tsx'
import { FormError } from './field.tsx'
import { useSubmit } from './submit.ts'

export interface ConfirmProps {
  readonly title: string
  readonly lead: string
  readonly action: string
  readonly cancel: string
  /** What it is about, shown again. */
  readonly quote?: string | undefined
  /** Resolves to why it could not be done, or to nothing. */
  act(): Promise<string | undefined>
  onClose(): void
}

export function Confirm({ title, lead, action, cancel, quote, act, onClose }: ConfirmProps) {
  const submit = useSubmit(act)
  return (
    <Dialog title={title} lead={lead} closeLabel={cancel} onClose={onClose}>
      {quote !== undefined && (
        <blockquote className={styles.quote} dir="auto">
          {quote}
        </blockquote>
      )}
      <form onSubmit={submit.onSubmit}>
        <FormError text={submit.error} />
        <DialogActions>
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" look="danger" busy={submit.busy}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
