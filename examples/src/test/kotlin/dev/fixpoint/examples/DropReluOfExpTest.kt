package dev.fixpoint.examples

import dev.fixpoint.testing.RuleTester
import org.junit.jupiter.api.Test

class DropReluOfExpTest {
  @Test
  fun ruleKeepsItsPromiseOnGeneratedGraphs() {
    RuleTester.of(DROP_RELU_OF_EXP).check()
  }
}
