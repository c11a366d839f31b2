import { anyRequest, type DecisionStep, type RequestView } from '../src/request.js';
import { type WebHeaders } from '../src/request-headers.js';

/** A request with these headers, as the methods see it. */
export function view(
  headers: Readonly<Record<string, string | readonly string[] | undefined>> | WebHeaders = {},
  observe?: (step: DecisionStep) => void,
): RequestView {
  return anyRequest({ headers }, observe);
}
