//! The protobuf wire format, writing side: as much of it as profile.proto needs.

/// A message under construction: appended to, then taken as the bytes of a field of another.
#[derive(Default)]
pub struct Message {
    /// What has been written so far.
    pub bytes: Vec<u8>,
}

impl Message {
    /// Appends `value` as a base-128 varint.
    pub fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// Appends field `number` with an unsigned value; zero is the default and left out.
    pub fn uint(&mut self, number: u32, value: u64) {
        if value != 0 {
            self.varint(u64::from(number) << 3);
            self.varint(value);
        }
    }

    /// As [`Message::uint`] for a signed value, which takes ten bytes when negative.
    pub fn int(&mut self, number: u32, value: i64) {
        self.uint(number, value as u64);
    }

    /// Appends field `number` as a length and the bytes.
    pub fn bytes(&mut self, number: u32, value: &[u8]) {
        self.varint(u64::from(number) << 3 | 2);
        self.varint(value.len() as u64);
        self.bytes.extend_from_slice(value);
    }

    /// Appends repeated field `number` in packed form; nothing for no values.
    pub fn packed(&mut self, number: u32, values: impl IntoIterator<Item = u64>) {
        let mut inner = Message::default();
        for value in values {
            inner.varint(value);
        }
        if !inner.bytes.is_empty() {
            self.bytes(number, &inner.bytes);
        }
    }

    /// Appends repeated field `number` one value at a time, zeros included.
    pub fn unpacked(&mut self, number: u32, values: impl IntoIterator<Item = u64>) {
        for value in values {
            self.varint(u64::from(number) << 3);
            self.varint(value);
        }
    }

    /// Forgets everything, keeping the buffer.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_encoded_as_the_protobuf_documentation_shows() {
        // https://protobuf.dev/programming-guides/encoding: 150 is 96 01, "testing" as field 2,
        // packed 3, 270, 86942.
        let mut message = Message::default();
        message.uint(1, 150);
        message.bytes(2, b"testing");
        message.packed(6, [3, 270, 86942]);
        let expected = b"\x08\x96\x01\x12\x07testing\x32\x06\x03\x8e\x02\x9e\xa7\x05";
        assert_eq!(message.bytes, expected);
    }
}
