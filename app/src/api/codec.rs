//! How arguments and answers travel as JSON: like the usual codec, but on the server a field that nobody knows is an error, at any
//! depth, and the browser reads from text only (see below).

use serde::{Serialize, de::DeserializeOwned};
use server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType,
    codec::{JsonEncoding, Post},
};

/// JSON that refuses unknown fields when it is read on the server.
pub struct StrictJsonEncoding;

/// Arguments as strict JSON in the body of a POST.
pub type StrictJson = Post<StrictJsonEncoding>;

impl ContentType for StrictJsonEncoding {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for StrictJsonEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for StrictJsonEncoding {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

#[cfg(feature = "ssr")]
impl<T: DeserializeOwned> Decodes<T> for StrictJsonEncoding {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        let mut unknown = None;
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_ignored::deserialize(&mut json, |path| unknown = Some(path.to_string()))?;
        json.end()?;
        match unknown {
            None => Ok(value),
            Some(path) => Err(serde::de::Error::custom(format!("unknown field {path}"))),
        }
    }
}

#[cfg(not(feature = "ssr"))]
impl<T: DeserializeOwned> Decodes<T> for StrictJsonEncoding {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        // From text, as everything else here is read: two ways would be two copies of the code of every type.
        serde_json::from_str(std::str::from_utf8(&bytes).map_err(serde::de::Error::custom)?)
    }
}
