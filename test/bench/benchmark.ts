import type { Report } from "./support/report";
import type { Workshop } from "./support/workshop";

/** One question and how to answer it by measuring. */
export interface Benchmark {
  /** As it is called on the command line. */
  readonly name: string;
  readonly title: string;
  readonly measure: (workshop: Workshop) => Promise<Report>;
}
