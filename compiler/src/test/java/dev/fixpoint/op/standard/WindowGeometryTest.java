package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.tensor.Dimension;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The windows of convolutions and pools against windows counted one by one. */
class WindowGeometryTest {
  @Property(tries = 500)
  void windowsAreThoseCountedOneByOne(@ForAll long seed) {
    DrawnWindows drawn = new DrawnWindows(new Random(seed), new Random(seed).nextBoolean());
    WindowGeometry geometry = WindowGeometry.of(drawn.attributes(), drawn.input, drawn.kernel);
    assertThat(geometry.output()).as("%s", drawn).isEqualTo(drawn.outputs());
  }

  @Property(tries = 500)
  void tapsInsideTheInputAreThoseFoundOneByOne(@ForAll long seed) {
    DrawnWindows drawn = new DrawnWindows(new Random(seed), true);
    WindowGeometry geometry = WindowGeometry.of(drawn.attributes(), drawn.input, drawn.kernel);
    for (int i = 0; i < drawn.rank; i++) {
      WindowGeometry.Axis axis = geometry.axes().get(i);
      for (int window = 0; window < axis.output(); window++) {
        for (int tap = 0; tap < axis.kernel(); tap++) {
          boolean inside = drawn.position(i, window, tap) >= 0;
          assertThat(tap >= axis.firstTap(window) && tap < axis.endTap(window)).isEqualTo(inside);
          assertThat(window >= axis.firstWindow(tap) && window < axis.endWindow(tap))
              .isEqualTo(inside);
        }
      }
    }
  }

  @Property(tries = 300)
  void aTapThatLiesInThePadsMayBePaddedAtAnySize(@ForAll long seed) {
    DrawnWindows drawn = new DrawnWindows(new Random(seed), false);
    WindowRule rule = WindowRule.of(drawn.attributes(), drawn.kernel);
    for (int i = 0; i < drawn.rank; i++) {
      for (int window = 0; window < drawn.output(i); window++) {
        for (int tap = 0; tap < drawn.kernel[i]; tap++) {
          boolean outside = drawn.position(i, window, tap) < 0;
          assertThat(!outside || rule.mayBePadded(i, tap)).as("%s", drawn).isTrue();
        }
      }
    }
  }

  @Test
  void symbolicSizesAreCarriedWhereWindowsFollowEachOther() {
    List<Dimension> sizes = List.of(Dimension.of("H"), Dimension.of("W"), Dimension.UNKNOWN);
    Attributes valid = Attributes.NONE;
    assertThat(WindowGeometry.outputSizes(valid, sizes, new int[] {1, 3, 3}))
        .containsExactly(Dimension.of("H"), Dimension.of("W + -2"), Dimension.UNKNOWN);
    Attributes strided = valid.with(WindowGeometry.STRIDES, List.of(2L, 1L, 1L));
    assertThat(WindowGeometry.outputSizes(strided, sizes, new int[] {1, 1, 1}))
        .containsExactly(Dimension.UNKNOWN, Dimension.of("W"), Dimension.UNKNOWN);
  }

  @Test
  void aWindowThatDoesNotFitIsRefusedByName() {
    assertThatThrownBy(() -> WindowGeometry.of(Attributes.NONE, new int[] {2}, new int[] {3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spans 3 positions does not fit into 2");
  }

  @Test
  void malformedAttributesAreRefusedByName() {
    Attributes still = Attributes.NONE.with(WindowGeometry.STRIDES, List.of(0L));
    assertThatThrownBy(() -> WindowGeometry.of(still, new int[] {2}, new int[] {1}))
        .hasMessageContaining("strides");
    Attributes negative = Attributes.NONE.with(WindowGeometry.PADS, List.of(-1L, 0L));
    assertThatThrownBy(() -> WindowGeometry.of(negative, new int[] {2}, new int[] {1}))
        .hasMessageContaining("pads");
    Attributes unknown = Attributes.NONE.with(WindowGeometry.AUTO_PAD, "SAME");
    assertThatThrownBy(() -> WindowGeometry.of(unknown, new int[] {2}, new int[] {1}))
        .hasMessageContaining("auto_pad");
  }
}
