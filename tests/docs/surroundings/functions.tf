locals {
  functions = {
    fun-checkout = { language = "python", role = "arn:aws:iam::123456789012:role/fun-checkout" }
    fun-invoice  = { language = "nodejs", role = "arn:aws:iam::123456789012:role/fun-invoice" }
  }
}
