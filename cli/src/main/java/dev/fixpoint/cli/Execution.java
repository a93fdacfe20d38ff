package dev.fixpoint.cli;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Evaluator;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.runtime.ExecutionOptions;
import dev.fixpoint.runtime.KernelChoice;
import dev.fixpoint.runtime.RuntimeEvaluator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of how a model runs, and what they make of it. */
final class Execution {
  private static final String KERNELS = "fixpoint.kernels";
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** What computes. */
  enum Provider {
    /** The operators' written semantics, slowly. */
    REFERENCE,
    /** Kernels of plain loops. */
    SCALAR,
    /** Kernels of the Vector API. */
    VECTOR;

    /** The name in options and JSON. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that one run may use (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = "--provider",
      paramLabel = "reference|scalar|vector",
      description = "What computes (default: the fastest that this Java has).")
  private @Nullable Provider provider;

  /** What computes: what was asked for, else the fastest that there is. */
  Provider provider() {
    if (provider != null) {
      return provider;
    }
    boolean vectors = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    return vectors && !"scalar".equals(System.getProperty(KERNELS))
        ? Provider.VECTOR
        : Provider.SCALAR;
  }

  /** What computes, with vector widths and multiply-adds. */
  String kernels() {
    return provider() == Provider.REFERENCE
        ? Provider.REFERENCE.text()
        : choice(provider).description();
  }

  /** Threads that one run may use. */
  int threads() {
    if (threads < 1) {
      throw new CommandException("--threads " + threads + ": give 1 or more");
    }
    return threads;
  }

  /** The session's options. */
  ExecutionOptions options() {
    return ExecutionOptions.DEFAULT
        .withThreads(threads())
        .withChoice(choice(provider))
        .withReference(provider() == Provider.REFERENCE);
  }

  /** What evaluates graphs as the options say. */
  Evaluator evaluator() {
    return evaluator(provider, threads());
  }

  /** What evaluates graphs, on one thread for each batch that is evaluated at the same time. */
  Evaluator batchEvaluator() {
    return evaluator(provider, 1);
  }

  /**
   * What evaluates graphs.
   *
   * @param provider what was asked for, or null
   */
  static Evaluator evaluator(@Nullable Provider provider, int threads) {
    if (provider == Provider.REFERENCE) {
      return new ReferenceInterpreter();
    }
    return new RuntimeEvaluator(
        ExecutionOptions.DEFAULT.withThreads(threads).withChoice(choice(provider)));
  }

  /** The graph that runs: lowered to integer operators, or simulated in float. */
  static Graph compiled(Graph model, boolean simulate) {
    Compiler compiler = new Compiler(CompilerOptions.DEFAULT);
    return (simulate ? compiler.optimize(model) : compiler.lower(model)).graph();
  }

  /** As {@link #compiled}, but what the reference simulates is left as it is written. */
  Graph runnable(Graph model, boolean simulate) {
    return simulate && provider() == Provider.REFERENCE ? model : compiled(model, simulate);
  }

  /** Left alone, the runtime starts with plain loops and changes to vectors when it pays. */
  private static KernelChoice choice(@Nullable Provider provider) {
    if (provider == Provider.VECTOR && ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
      throw new CommandException(
          "--provider vector: this Java runs without " + VECTOR_MODULE + "; use ./fixpoint");
    }
    return switch (provider) {
      case SCALAR -> KernelChoice.SCALAR;
      case VECTOR -> KernelChoice.VECTOR;
      case REFERENCE -> KernelChoice.AUTOMATIC;
      case null -> KernelChoice.AUTOMATIC;
    };
  }
}
