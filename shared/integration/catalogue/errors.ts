/** What is wrong with an integration, a mapping or a model; found when it loads, never at a call. */
import { CallerError, type Fault } from '../../kernel/errors.ts';

export interface FileFault extends Fault {
  /** Absent where the source was not a file. */
  readonly file?: string;
}

export class IntegrationInvalidError extends CallerError {
  override readonly name = 'IntegrationInvalidError';
  readonly code = 'invalid_integration';
  readonly status = 422;
  override readonly faults: readonly FileFault[];

  constructor(faults: readonly FileFault[]) {
    super('the integration is not valid');
    this.faults = faults;
  }
}
