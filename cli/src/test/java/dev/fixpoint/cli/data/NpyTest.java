package dev.fixpoint.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NpyTest {
  private static byte[] written(Tensor tensor) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write("t", tensor, out);
    return out.toByteArray();
  }

  private static Tensor read(byte[] bytes) throws IOException {
    return Npy.read("file.npy", new ByteArrayInputStream(bytes), bytes.length);
  }

  private static byte[] withHeader(String dictionary, int data) {
    byte[] text = dictionary.getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes = new byte[10 + text.length + data];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0};
    System.arraycopy(start, 0, bytes, 0, start.length);
    System.arraycopy(text, 0, bytes, 10, text.length);
    return bytes;
  }

  private static void refused(byte[] bytes, String... parts) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> read(bytes))
        .satisfies(e -> assertThat(e.getMessage()).startsWith("file.npy: ").contains(parts));
  }

  @Test
  void readsWhatItWrites() throws IOException {
    Tensor[] tensors = {
      Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, -4, 5, Float.NaN),
      Tensor.scalar(ElementType.DOUBLE, 2.5),
      Tensor.vector(1, -2, Long.MAX_VALUE),
      Tensor.ofLongs(ElementType.INT32, Shape.of(1, 0)),
      Tensor.ofLongs(ElementType.UINT8, Shape.of(2), 0, 255),
      Tensor.ofLongs(ElementType.INT8, Shape.of(2), -128, 127),
      Tensor.ofLongs(ElementType.BOOL, Shape.of(2), 0, 1)
    };
    for (Tensor tensor : tensors) {
      byte[] bytes = written(tensor);
      assertThat(read(bytes)).isEqualTo(tensor);
      assertThat((bytes.length - tensor.data().byteSize()) % 64).as("header aligned").isZero();
    }
  }

  @Test
  void refusesOtherLayoutsByName() {
    refused(withHeader("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 4), "'>f4'");
    refused(withHeader("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 8), "'|O'");
    refused(withHeader("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", 4), "Fortran");
  }

  @Test
  void sizesAreCheckedBeforeMemoryIsTaken() {
    refused(
        withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999, 50), }", 4),
        "2 GiB");
    refused(
        withHeader(
            "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", 4),
        "no array has the shape");
    refused(withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 4), "12 bytes");
    refused(
        withHeader(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 4),
        "no size");
  }

  @Test
  void damageIsRefusedOrHarmless() throws IOException {
    byte[] right = written(Tensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4));
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = Arrays.copyOf(right, random.nextInt(right.length + 1));
      for (int k = 0; k < 3 && damaged.length > 0; k++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        read(damaged);
      } catch (DataException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }
}
