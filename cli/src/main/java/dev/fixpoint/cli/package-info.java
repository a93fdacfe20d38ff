/**
 * The {@code fixpoint} command, one class per subcommand.
 *
 * <p>It may know the compiler and the runtime, and brings the two together; nothing knows it. Start
 * reading at {@code Main}.
 */
@NullMarked
package dev.fixpoint.cli;

import org.jspecify.annotations.NullMarked;
