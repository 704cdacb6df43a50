"""Messages to phones: WeChat's subscription messages and the province's gateway for text messages."""
