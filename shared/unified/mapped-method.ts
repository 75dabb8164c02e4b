/**
 * A method as one call needs it: with what a mapping adds to every call, and with the page size that
 * the caller asks for. The very method where nothing is added.
 */
import type { Mapping } from '../integration/mapping/plan.ts';
import type { Method } from '../integration/method/plan.ts';
import type { Pagination } from '../integration/paging/plan.ts';

/** Headers of the mapping beside the method's, its rules of errors before them. */
export function withMapping(method: Method, mapping: Mapping | undefined): Method {
  if (!mapping) return method;
  const { headers, errors } = mapping;
  if (Object.keys(headers).length === 0 && errors.length === 0) return method;
  return {
    ...method,
    headers: { ...method.headers, ...headers },
    errors: [...errors, ...method.errors],
  };
}

/** Records a page: what is asked for, and at most what the integration asks for. */
export function pageSizeOf({ pagination }: Method, limit: number | undefined): number | undefined {
  const most = sizeOf(pagination);
  return most === undefined || limit === undefined ? undefined : Math.min(most, limit);
}

/** Undefined where the provider alone decides how long a page is. */
export function sizeOf(pagination: Pagination): number | undefined {
  if (pagination.kind === 'none') return undefined;
  return pagination.kind === 'range' ? pagination.length : pagination.size?.value;
}

export function withPageSize(method: Method, size: number | undefined): Method {
  const { pagination } = method;
  if (size === undefined || pagination.kind === 'none' || size === sizeOf(pagination)) {
    return method;
  }
  if (pagination.kind === 'range')
    return { ...method, pagination: { ...pagination, length: size } };
  if (!pagination.size) return method;
  return {
    ...method,
    pagination: { ...pagination, size: { ...pagination.size, value: size } },
  };
}
