/** How core says no: a row of the error table, thrown, and turned into an answer at the doors. */
import { type ErrorBody, type ErrorCode, type ErrorDetail, errorBody } from '@madang/protocol'

export class Refusal extends Error {
  readonly body: ErrorBody

  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    super(code)
    this.name = 'Refusal'
    this.body = errorBody(code, detail)
  }
}
