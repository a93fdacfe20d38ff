package dev.fixpoint.rulelang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.testing.RuleTester;
import org.junit.jupiter.api.Test;

class RuleLoaderTest {
  private static RewriteRule rule(String text) {
    return RuleLoader.STANDARD.load("test.rules", text).rules().getFirst();
  }

  private static final String FOLD =
      """
      # The example of the architecture page.
      rule fold-batch-norm-into-conv {
        doc    "Folds an inference-mode BatchNormalization into the convolution before it."
        match  y = BatchNormalization(conv, scale, bias, mean, variance)
               conv = Conv(x, w, b?)
        where  single_use(conv), constant(w, b, scale, bias, mean, variance)
        where  y.training_mode == 0
        let    (w1, b1) = fold_batch_norm(w, b, scale, bias, mean, variance, y.epsilon)
        replace y with Conv(x, w1, b1) { attributes of conv }
        within real_identity
      }
      """;

  @Test
  void nativeFunctionFoldsBatchNormalization() {
    RuleTester.of(rule(FOLD))
        .on(
            """
            g (float[n,C,H,W] x) => (float[n,K,P,Q] y)
              < float[K,C,R,S] w, float[K] s, float[K] b, float[K] m, float[K] v >
              { t = Conv(x, w)   y = BatchNormalization(t, s, b, m, v) }
            """)
        .becomes(
            """
            g (float[n,C,H,W] x) => (float[n,K,P,Q] y) < float[K,C,R,S] w1, float[K] b1 >
              { y = Conv(x, w1, b1) }
            """);
  }

  @Test
  void expressionsFoldBatchNormalization() {
    var rule =
        rule(
            """
            rule fold {
              match  y = BatchNormalization <training_mode = 0> (conv, scale, bias, mean, variance)
                     conv = Conv(x, w, b?)
              where  single_use(conv), constant(w, b, scale, bias, mean, variance)
              let    k = scale / Sqrt(variance + y.epsilon)
              let    w1 = w * along(k, w, 0), b1 = (or_else(b, 0) - mean) * k + bias
              replace y with Conv(x, w1, b1) { attributes of conv }
              within real_identity
            }
            """);
    RuleTester.of(rule)
        .on(
            """
            g (float[n,C,H,W] x) => (float[n,K,P,Q] y)
              < float[K,C,R,S] w, float[K] s, float[K] b, float[K] m, float[K] v >
              { t = Conv(x, w)   y = BatchNormalization(t, s, b, m, v) }
            """)
        .becomes(
            """
            g (float[n,C,H,W] x) => (float[n,K,P,Q] y) < float[K,C,R,S] w1, float[K] b1 >
              { y = Conv(x, w1, b1) }
            """);
  }

  @Test
  void operandsOfCommutativeOperatorsAreFoundInAnyOrder() {
    var rule =
        rule(
            """
            rule swish {
              match  y = Mul(x, s)
                     s = Sigmoid(x)
              where single_use(s)
              replace y with Swish(x)
              within real_identity
            }
            """);
    assertThat(rule.pattern().swappable()).isTrue();
  }

  @Test
  void severalNodesTakeThePlaceOfOne() {
    var rule =
        rule(
            """
            rule split-clip {
              match  y = Clip(x, lo, hi)
              where  constant(lo, hi), lo <= hi
              replace y with {
                t = Max(x, lo)
                y = Min(t, hi)
              }
              within bit_exact
            }
            """);
    RuleTester.of(rule)
        .on(
            "g (float[n] x) => (float[n] y) < float lo = {-1}, float hi = {2} > { y = Clip(x, lo, hi) }")
        .becomes(
            "g (float[n] x) => (float[n] y) < float lo = {-1}, float hi = {2} >"
                + " { t = Max(x, lo) y = Min(t, hi) }");
  }
}
