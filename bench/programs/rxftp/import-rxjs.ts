/** Measures the cost of rxjs alone: the least that any library of Observables can cost. */
import { Observable } from 'rxjs';

if (typeof Observable !== 'function') throw new Error('rxjs has no Observable');
