/** What rxjs alone costs: the least that anything made of Observables can cost. */
import { Observable } from 'rxjs';

if (typeof Observable !== 'function') throw new Error('rxjs has no Observable');
