package dev.fixpoint.op.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** QTable of 8 and 16 bits, with a table for all and with one for each channel. */
class QTableTest {
  private static final QTable OP = new QTable();
  private static final ElementType[] TYPES = {
    ElementType.INT8, ElementType.UINT8, ElementType.INT16, ElementType.UINT16
  };

  private static OpCall call(Tensor x, Tensor table) {
    return OpCall.ofTensors(Attributes.NONE, Arrays.asList(x, table), 1);
  }

  @Property(tries = 40)
  void looksUpTheEntryOfEachInteger(@ForAll long seed) {
    Draws draws = new Draws(seed);
    ElementType type = TYPES[draws.between(0, 3)];
    ElementType result = TYPES[draws.between(0, 3)];
    int size = QTable.size(type);
    int channels = draws.between(1, 3);
    boolean each = type.bits() == 8 && draws.maybe();
    Tensor x = draws.integers(type, Shape.of(2, channels, draws.between(1, 4)));
    Tensor table = draws.integers(result, each ? Shape.of(channels, size) : Shape.of(size));
    OpCall call = call(x, table);

    Tensor y = OP.evaluate(call).getFirst();

    assertThat(y.elementType()).isEqualTo(result);
    for (int i = 0; i < x.elementCount(); i++) {
      int channel = each ? (int) (i / x.shape().size(2) % channels) : 0;
      long entry = Math.floorMod(x.longAt(i), size);
      assertThat(y.longAt(i)).isEqualTo(table.longAt(channel * size + entry));
    }
    TransferChecks.check(OP, call, draws.random, 0);
    ExpansionChecks.same(OP, call);
  }

  @Test
  void refusesTablesOfAnotherSize() {
    Tensor x = Tensor.filled(ElementType.UINT8, Shape.of(2, 3), 1);

    assertThatThrownBy(
            () -> OP.evaluate(call(x, Tensor.filled(ElementType.INT8, Shape.of(255), 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256 entries");
    assertThatThrownBy(
            () -> OP.evaluate(call(x, Tensor.filled(ElementType.INT8, Shape.of(2, 256), 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
