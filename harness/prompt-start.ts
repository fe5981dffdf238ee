/**
 * Options of Node for programs that are started all the time and measured at once: every function is compiled to
 * machine code when it is first called, without first being interpreted for a while. Five nodes on two cores took
 * twice the CPU in their first twenty seconds without them, at 500 requests/s more than there is.
 */
export const promptly = ["--always-sparkplug", "--no-lazy-feedback-allocation"] as const;
