/** The door: come in as a guest, sign in, or register. */
import { type ErrorBody, LIMITS } from '@madang/client'

import { useState } from 'react'
import type { Catalogue } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { Mark } from '../../ui/mark.tsx'
import { useSubmit } from '../../ui/submit.ts'
import { LanguageSwitch } from './language-switch.tsx'
import { comeIn, type Form, MODES, type Mode, type Problem, problemsOf } from './sign-in.ts'
import styles from './sign-in-page.module.css'

export function SignInPage({ error }: { error: ErrorBody | undefined }) {
  const text = useText()
  const [mode, setMode] = useState<Mode>('guest')
  return (
    <main className={styles.page}>
      <div className={styles.language}>
        <LanguageSwitch />
      </div>
      <div className={styles.card}>
        <header className={styles.header}>
          <span className={styles.mark}>
            <Mark size={56} />
          </span>
          <h1 className={styles.title}>{text.signIn.title}</h1>
          <p className={styles.lead}>{text.signIn.lead}</p>
        </header>
        <Choices
          label={text.signIn.modesLabel}
          options={MODES.map((value) => ({ value, text: text.signIn.modes[value] }))}
          value={mode}
          onChange={setMode}
        />
        <DoorForm key={mode} mode={mode} error={error} />
      </div>
    </main>
  )
}

function DoorForm({ mode, error }: { mode: Mode; error: ErrorBody | undefined }) {
  const { rest, gate } = useServices()
  const text = useText()
  const [form, setForm] = useState<Form>({ name: '', login: '', password: '' })
  const [tried, setTried] = useState(false)
  const problems = tried ? problemsOf(mode, form) : {}
  const submit = useSubmit(async () => {
    setTried(true)
    if (Object.keys(problemsOf(mode, form)).length > 0) return undefined
    const outcome = await comeIn(rest, mode, form)
    if (!outcome.ok) return outcome.error
    gate.enter(outcome.person)
    return undefined
  })
  const failed = submit.error ?? (tried ? undefined : error)
  const field = (name: keyof Form) => ({
    name,
    value: form[name],
    error: problemText(text, problems[name]),
    onChange: (event: { target: { value: string } }) =>
      setForm({ ...form, [name]: event.target.value }),
  })
  return (
    <form className={styles.form} noValidate onSubmit={submit.onSubmit}>
      {mode !== 'session' && (
        <Field
          {...field('name')}
          label={text.signIn.name}
          placeholder={text.signIn.namePlaceholder}
          hint={mode === 'guest' ? text.signIn.nameHint : undefined}
          maxLength={LIMITS.nameCharsMax}
          autoComplete="nickname"
          autoFocus
        />
      )}
      {mode !== 'guest' && (
        <>
          <Field
            {...field('login')}
            label={text.signIn.login}
            hint={mode === 'account' ? text.signIn.loginHint : undefined}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus={mode === 'session'}
          />
          <Field
            {...field('password')}
            label={text.signIn.password}
            hint={
              mode === 'account' ? text.signIn.passwordHint(LIMITS.passwordCharsMin) : undefined
            }
            type="password"
            autoComplete={mode === 'account' ? 'new-password' : 'current-password'}
          />
        </>
      )}
      <FormError text={failed && text.errors[failed.code]} />
      <Button type="submit" look="accent" size="l" busy={submit.busy}>
        {text.signIn.submit[mode]}
      </Button>
    </form>
  )
}

function problemText(text: Catalogue, problem: Problem | undefined): string | undefined {
  const { fields } = text.signIn
  if (problem === undefined) return undefined
  if (problem.kind === 'tooLong') return fields.tooLong(problem.max)
  if (problem.kind === 'tooShort') return fields.tooShort(problem.min)
  return fields[problem.kind]
}
