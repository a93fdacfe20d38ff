package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.testing.PassTester;
import dev.fixpoint.transform.fold.FoldConstants;
import dev.fixpoint.transform.fold.MergeEqualNodes;
import dev.fixpoint.transform.fold.RemoveDeadNodes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds every built-in pass to the bounds of its rewrites on random networks: two for each of
 * {@code fixpoint.tries}.
 */
class GeneratedPassesTest {
  private static final int GRAPHS = 2 * Integer.getInteger("fixpoint.tries", 100);

  private static final List<OpDefinition> FLOAT_OPS =
      List.of(
          StandardOps.CONV,
          StandardOps.GEMM,
          StandardOps.MAT_MUL,
          StandardOps.ADD,
          StandardOps.MUL,
          StandardOps.RELU,
          StandardOps.SIGMOID,
          StandardOps.CLIP,
          StandardOps.MAX_POOL,
          StandardOps.AVERAGE_POOL,
          StandardOps.GLOBAL_AVERAGE_POOL,
          StandardOps.RESHAPE,
          StandardOps.TRANSPOSE,
          StandardOps.FLATTEN,
          StandardOps.CONCAT,
          StandardOps.SOFTMAX,
          StandardOps.IDENTITY);

  static List<Pass> passes() {
    return List.of(new FoldConstants(), new RemoveDeadNodes(), new MergeEqualNodes());
  }

  @ParameterizedTest
  @MethodSource("passes")
  void aPassKeepsTheBoundsOfItsRewrites(Pass pass) {
    PassTester.Report report =
        PassTester.of(FLOAT_OPS).withGraphs(GRAPHS).check(Pipeline.builder().then(pass).build());
    assertThat(report.graphs()).isGreaterThan(GRAPHS / 2);
    assertThat(report.checked()).isPositive();
  }

  @Test
  void floatOptimizationsKeepTheBoundsOfTheirRewrites() {
    PassTester.Report report =
        PassTester.of(FLOAT_OPS).withGraphs(GRAPHS).check(StandardPipelines.floatOptimizations());
    assertThat(report.checked()).isGreaterThan(GRAPHS / 4);
  }

  @Test
  void quantizationAndLoweringKeepTheBoundsOfTheirRewrites() {
    PassTester.Report report =
        PassTester.of(FLOAT_OPS)
            .withGraphs(GRAPHS)
            .check(
                network -> {
                  Compiler compiler =
                      new Compiler(
                          CompilerOptions.DEFAULT
                              .withInputRanges(network.ranges())
                              .withObservers(List.of(network.check())));
                  compiler.lower(compiler.quantize(network.graph(), network.batches()).graph());
                });
    assertThat(report.checked()).isGreaterThan(GRAPHS);
  }
}
