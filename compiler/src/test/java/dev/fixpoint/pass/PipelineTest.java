package dev.fixpoint.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.Graph;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final GraphProperty FIRST = new GraphProperty("FIRST", _ -> Optional.empty());

  private record Step(String name, Set<GraphProperty> requires, Set<GraphProperty> establishes)
      implements Pass {
    @Override
    public Graph transform(Graph graph, PassContext context) {
      return graph;
    }
  }

  private static final Pass MAKES = new Step("makes", Set.of(), Set.of(FIRST));
  private static final Pass NEEDS = new Step("needs", Set.of(FIRST), Set.of());

  @Test
  void keepsPassesInOrder() {
    assertThat(Pipeline.builder().then(MAKES).then(NEEDS).build().passes())
        .containsExactly(MAKES, NEEDS);
  }

  @Test
  void refusesAPassBeforeWhatItRequires() {
    assertThatThrownBy(() -> Pipeline.builder().then(NEEDS).then(MAKES).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "pass 'needs' requires FIRST, but only [] is established before it; move it behind a"
                + " pass that establishes FIRST");
  }

  @Test
  void acceptsWhatIsAssumed() {
    assertThat(Pipeline.builder().assuming(FIRST).then(NEEDS).build().passes()).hasSize(1);
  }
}
